// Package notebook reads, runs and writes Jupyter notebooks of nbformat 4.
//
//	nb, err := notebook.ReadFile("00_first_look.ipynb")
//	err = nb.SetParameters([]string{"epochs=5"})
//	err = notebook.Execute(ctx, nb, lang, nil)
//	err = nb.WriteFile("executed.ipynb")
//
// A notebook is executed over a [kernel.Language] directly, without sockets
// and without Jupyter, and what its cells show is stored as Jupyter would
// store it. Whatever a file holds that this package has no use for (metadata,
// attachments, fields of later format versions) is written back as it came.
//
// The package page next door turns a notebook into one HTML page.
package notebook
