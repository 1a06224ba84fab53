package privacy

import "voc/ingest/erasure"

// ErasureKeys derives the keys under which erased posts and persons are remembered.
func (g *Guard) ErasureKeys() erasure.Keys { return g.keys }
