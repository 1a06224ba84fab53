package migrate_test

import (
	"testing"

	"voc/schema/chtest"
)

func TestMain(m *testing.M) { chtest.Main(m) }

func TestUp(t *testing.T) {
	db := chtest.Open(t)
	for _, l := range db.Query(t, "SELECT name, engine FROM system.tables WHERE database = ? ORDER BY name", db.Database) {
		t.Log(l)
	}
}
