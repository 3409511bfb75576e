package check

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// complainer receives the errors of go/types about a cell, and drops those that
// are tolerated, with what belongs to them.
func complainer(errs *[]types.Error, tolerated func(types.Error) bool) func(error) {
	dropped := false
	return func(err error) {
		e := err.(types.Error)
		if !strings.HasPrefix(e.Msg, "\t") {
			dropped = tolerated(e)
		}
		if !dropped {
			*errs = appendError(*errs, e)
		}
	}
}

// appendError adds an error to a list. Go/types reports what belongs to an
// error, such as the place of another declaration, as an error of its own that
// begins with a tab; it becomes part of the first.
func appendError(errs []types.Error, e types.Error) []types.Error {
	note, ok := strings.CutPrefix(e.Msg, "\t")
	if !ok {
		return append(errs, e)
	}
	if len(errs) == 0 {
		return errs
	}
	last := &errs[len(errs)-1]
	if place := e.Fset.Position(e.Pos); !strings.Contains(note, " refers to ") {
		note = fmt.Sprintf("%s in line %d", note, place.Line)
	}
	last.Msg += "\n\t" + note
	return errs
}

// checkShown complains, as an assignment would, about a last expression whose
// value fits into no variable.
func (b *builder) checkShown() {
	if b.c.Trailing == nil {
		return
	}
	x := ast.Unparen(b.c.Trailing.X)
	tv := b.info.Types[x]
	t, ok := tv.Type.(*types.Basic)
	if !ok || tv.Value == nil || t.Kind() != types.UntypedInt && t.Kind() != types.UntypedRune {
		return
	}
	if _, fits := constant.Int64Val(tv.Value); fits {
		return
	}
	b.errs = append(b.errs, types.Error{Fset: b.fset, Pos: x.Pos(),
		Msg: fmt.Sprintf("cannot use %s (untyped int constant %s) as int value (overflows)", types.ExprString(x), tv.Value)})
}
