package display_test

import (
	"fmt"

	"github.com/gocrate/gocrate/stdlib/display"
)

// A temperature shows itself as HTML where HTML can be read, and as text
// everywhere else.
type temperature float64

func (t temperature) HTML() string   { return fmt.Sprintf("<b>%.1f</b>&thinsp;°C", float64(t)) }
func (t temperature) String() string { return fmt.Sprintf("%.1f °C", float64(t)) }

func ExampleOf() {
	b := display.Of(temperature(21.5))
	fmt.Println(b.Data["text/html"])
	fmt.Println(b.Data["text/plain"])
	// Output:
	// <b>21.5</b>&thinsp;°C
	// 21.5 °C
}

func ExampleShow() {
	h := display.Show("training")
	h.Update([]float64{0.5, 0.25, 0.125}) // in a notebook, in place of the text
	// Output:
	// training
	// [0.5 0.25 0.125]
}

func ExampleClaim() {
	half := 1.0 / 2
	display.Claim(half < 1, "half is %g, less than the whole", half)

	defer func() { fmt.Println(recover()) }()
	display.Claim(half > 1, "half is more than the whole")
	// Output:
	// ✓ half is 0.5, less than the whole
	// claim does not hold: half is more than the whole
}

func ExampleRegister() {
	type image struct{ pixels []byte }
	display.Register(func(v any) (display.Bundle, bool) {
		im, ok := v.(image)
		if !ok {
			return display.Bundle{}, false
		}
		return display.Text(fmt.Sprintf("image of %d pixels", len(im.pixels))), true
	})
	display.Show(image{make([]byte, 64)})
	// Output: image of 64 pixels
}
