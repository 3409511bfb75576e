// Package display holds the words a cell uses to speak to its notebook.
//
// The value of a cell's last expression is shown without being asked for.
// [Show] shows a value at any other moment, also from a goroutine or in the
// middle of a loop; the [Handle] it returns changes what was shown:
//
//	h := display.Show("starting")
//	for i := range 10 {
//		h.Update(fmt.Sprintf("step %d", i))
//	}
//
// # How a value is shown
//
// [Of] turns any value into a [Bundle], one picture of the value in several
// formats, from which the front end takes the richest it knows. Formats come
// from the first of these that knows the value:
//
//  1. The value's own methods, in the convention of gophernotes: HTML, SVG,
//     PNG, JPEG, Markdown, Latex, JSON, JavaScript, Image and MIMEBundle. They
//     are listed as interfaces, [HTMLer] and so on; a type needs no import of
//     this package to have one.
//  2. A renderer given to [Register], the newest first. A notebook comes with
//     renderers for gonum's plots and matrices.
//  3. Text, as package fmt prints it with %+v, but with the names of struct
//     types, without addresses, and abbreviated.
//
// There is always a text/plain, for terminals and for readers of the file.
//
// [HTML], [Markdown], [Math], [SVG], [PNG], [JPEG], [JSON] and [Text] make
// values that show themselves, so that a cell may simply end in one:
//
//	display.Math(`R(Z) = \tfrac12 \log\det(I + \alpha Z Z^\top)`)
//
// # The running cell
//
// [Context] ends when the user interrupts the cell: hand it to everything that
// takes long. [Input] asks the user for a line, [Progress] shows how far a
// loop has come, [Source] is its code, [Check] turns an error into the failure of the cell, and [Claim]
// a sentence of the text into something that can fail. A [Comm] carries messages
// between cells and a program in the notebook, both ways.
//
// Outside a notebook everything works too, on standard output and input.
package display
