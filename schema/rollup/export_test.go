package rollup

import "context"

// SetStep has f called before every statement that writes; a run ends with its error.
func (r *Rollup) SetStep(f func(context.Context) error) { r.step = f }
