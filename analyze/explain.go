package analyze

// Explanation is a result with everything that is needed to understand and to repeat it.
type Explanation struct {
	// Revision names engine, lexicon, taxonomy and dictionary; Engine, Taxonomy and Dictionary are its readable parts.
	Revision   string `json:"revision"`
	Engine     string `json:"engine"`
	Taxonomy   string `json:"taxonomy"`
	Dictionary string `json:"dictionary"`
	Result     Result `json:"result"`
	// Reading is how the body was read: clauses, chunks with their modifications, and opinions.
	Reading string `json:"reading"`
	// Model is what the linear model says of the tags; empty when it is off.
	Model []Verdict `json:"model,omitempty"`
}

// Explain analyses one post and tells how it was read. It allocates and is meant for people, not for the pipeline.
func (a *Analyzer) Explain(in Input) Explanation {
	w := a.NewWorker()
	e := Explanation{Revision: a.revision, Engine: EngineVersion, Taxonomy: a.file.Name, Dictionary: a.tok.Dictionary().Name()}
	if a.file.Revision != "" {
		e.Taxonomy += " " + a.file.Revision
	}
	w.Analyze(in, &e.Result)
	e.Model = a.verdicts(in, &e.Result)
	e.Reading = w.Dump(in.Body)
	return e
}
