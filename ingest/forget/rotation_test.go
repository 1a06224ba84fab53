package forget_test

import (
	"strings"
	"testing"

	"voc/ingest/forget"
	"voc/ingest/pipetest"
	"voc/ingest/privacy"
	"voc/ingest/source/sourcetest"
)

// After the key was rotated, persons have new pseudonyms; who was erased under the old key stays erased when everything
// is read again, and an erasure finds what is stored under either key.
func TestForgetAfterRotation(t *testing.T) {
	const newKey = "the key after the rotation"
	old, now := []byte(pipetest.Key), []byte(newKey)
	e := pipetest.New(t, 1)
	ends := fill(e)
	_, stop := e.Run()
	settled(e, ends)
	stop()
	erase := func(keys *privacy.Guard, pseudonym string) *forget.Certificate {
		t.Helper()
		f, err := forget.New(forget.Config{Settle: -1, DataDir: dataDir(t, e)}, forget.Deps{Conn: e.DB.Conn, Keys: keys.ErasureKeys(), Log: sourcetest.Log(t)})
		if err != nil {
			t.Fatal(err)
		}
		cert, err := f.Run(t.Context(), forget.Subject{Kind: forget.Author, Pseudonym: pseudonym}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	if cert := erase(e.Guard, privacy.Pseudonym(old, "hanako")); cert.Posts == 0 {
		t.Fatal("nothing of the first person was stored; the test proves nothing")
	}

	// The key is rotated and all topics are read again, which gives the rows of the past the new pseudonyms.
	guard, err := privacy.New(now)
	if err != nil {
		t.Fatal(err)
	}
	again := e.On(e.DB)
	again.Guard = guard.WithFormer(old)
	again.Deps.Masker, again.Deps.Revision = again.Guard, 2
	_, stop = again.Run()
	settled(again, ends)
	stop()
	again.Counted()
	if found := holds(t, e, privacy.Pseudonym(old, "hanako"), privacy.Pseudonym(now, "hanako")); len(found) > 0 {
		t.Errorf("reading again brought the erased person back:\n%s", strings.Join(found, "\n"))
	}
	again.Want("SELECT DISTINCT author_id FROM posts WHERE author_id != ''", "('"+privacy.Pseudonym(now, "taro")+"')")
	if found := holds(t, e, privacy.Pseudonym(old, "taro")); len(found) == 0 {
		t.Fatal("no row has the old pseudonym; the test proves nothing")
	}

	// What voc forget --author does: once under each key.
	total := 0
	for _, pseudonym := range []string{privacy.Pseudonym(now, "taro"), privacy.Pseudonym(old, "taro")} {
		total += erase(again.Guard, pseudonym).Posts
	}
	if total == 0 {
		t.Error("nothing of the second person was erased")
	}
	check := func() {
		t.Helper()
		if found := holds(t, e, privacy.Pseudonym(old, "taro"), privacy.Pseudonym(now, "taro"), "琵琶湖"); len(found) > 0 {
			t.Errorf("the person is still there:\n%s", strings.Join(found, "\n"))
		}
	}
	check()
	third := again.On(e.DB)
	third.Deps.Revision = 3
	_, stop = third.Run()
	settled(third, ends)
	stop()
	check()

	// The control: without the old key nobody knows that the first person was erased.
	alone, err := privacy.New(now)
	if err != nil {
		t.Fatal(err)
	}
	fourth := again.On(e.DB)
	fourth.Deps.Masker, fourth.Deps.Revision = alone, 4
	_, stop = fourth.Run()
	settled(fourth, ends)
	stop()
	if found := holds(t, e, privacy.Pseudonym(now, "hanako")); len(found) == 0 {
		t.Error("the first person stays away without the old key; the test proves nothing")
	}
}
