package retag

import "context"

// SetStep has f called before every statement that writes; a run ends with its error.
func (r *Retag) SetStep(f func(ctx context.Context, step string) error) { r.step = f }
