// Go accepts a function without a body, SetFieldType, in a package with an assembly file.
