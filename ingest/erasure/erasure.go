// Package erasure remembers what was erased, so that nothing brings it back: neither a replay of a topic from its
// beginning, nor a producer that sends the past again, nor a re-tagging that had read a post just before.
//
// What was erased is remembered by keyed hashes (HMAC-SHA256 with the key of the pseudonyms), never by ids in clear,
// and the memory can only be asked whether it knows something, not what it knows. When the key is rotated, what was
// erased under an earlier one is recognised as long as that one is among the former keys.
//
// The package decides what is covered. Who writes and who deletes is up to its callers.
package erasure

import (
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"voc/schema"
)

// Key is one remembered thing.
type Key [16]byte

// Forever is the Until of what must not come back at any time.
var Forever = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// Keys derives keys. The zero value derives keys that no erasure has.
type Keys struct {
	secret []byte
	// former are the keys of earlier secrets: what they remember still holds, and nothing is remembered by them any more.
	former []Keys
}

// NewKeys returns the keys of a secret, which is that of the pseudonyms, and of earlier secrets.
func NewKeys(secret []byte, former ...[]byte) Keys {
	k := Keys{secret: append([]byte(nil), secret...)}
	for _, f := range former {
		k.former = append(k.former, NewKeys(f))
	}
	return k
}

// Post is the key of one post.
func (k Keys) Post(community, postID string) Key { return k.sum("post", community, postID) }

// Author is the key of a person in a community, or in every one when community is empty. Pseudonym is the person's id
// as it is stored.
func (k Keys) Author(community, pseudonym string) Key { return k.sum("author", community, pseudonym) }

// MessageKey is that of a Kafka message, whose community is not known when it cannot be read.
func (k Keys) MessageKey(key string) Key { return k.sum("message", "", key) }

func (k Keys) sum(kind, community, id string) Key {
	mac := hmac.New(sha256.New, k.secret)
	for _, s := range []string{"voc/erasure/1", kind, community, id} {
		mac.Write([]byte(s))
		mac.Write([]byte{0})
	}
	var b [sha256.Size]byte
	return Key(mac.Sum(b[:0])[:16])
}

// Set is what was erased. It is not changed after it was built, and may then be shared.
type Set struct{ until map[Key]time.Time }

// Add remembers a key for what happened until a time, inclusive.
func (s *Set) Add(k Key, until time.Time) {
	if s.until == nil {
		s.until = map[Key]time.Time{}
	}
	if until.After(s.until[k]) {
		s.until[k] = until
	}
}

// Len is how many keys are remembered.
func (s *Set) Len() int { return len(s.until) }

// Has says whether something of that key and time was erased. The zero time is before every other.
func (s *Set) Has(k Key, at time.Time) bool {
	until, ok := s.until[k]
	return ok && !at.After(until)
}

// Filter applies a set to rows.
type Filter struct {
	Set  *Set
	Keys Keys
	// Former returns the pseudonyms that a person had under earlier secrets; nil when there were none.
	Former func(pseudonym string) []string
}

// has says whether one of the secrets, of which the first is the present one, remembers something.
func (f Filter) has(key func(Keys) Key, at time.Time) bool {
	if f.Set.Has(key(f.Keys), at) {
		return true
	}
	for _, k := range f.Keys.former {
		if f.Set.Has(key(k), at) {
			return true
		}
	}
	return false
}

func (f Filter) author(community, pseudonym string, at time.Time) bool {
	return f.has(func(k Keys) Key { return k.Author(community, pseudonym) }, at) || f.has(func(k Keys) Key { return k.Author("", pseudonym) }, at)
}

// Author says whether what a person did at a time was erased.
func (f Filter) Author(community, pseudonym string, at time.Time) bool {
	if pseudonym == "" || f.Set.Len() == 0 {
		return false
	}
	if f.author(community, pseudonym, at) {
		return true
	}
	if f.Former != nil {
		for _, p := range f.Former(pseudonym) {
			if f.author(community, p, at) {
				return true
			}
		}
	}
	return false
}

// PostID says whether a post was erased.
func (f Filter) PostID(community, postID string) bool {
	return postID != "" && f.Set.Len() > 0 && f.has(func(k Keys) Key { return k.Post(community, postID) }, time.Time{})
}

// Post says whether a post was erased, by itself or with its author.
func (f Filter) Post(r *schema.PostRow) bool {
	return f.PostID(r.Community, r.PostID) || f.Author(r.Community, r.AuthorID, r.PostedAt)
}

// Survey says whether an answer was erased, by the post of its comment or with its author.
func (f Filter) Survey(r *schema.SurveyRow, commentID string) bool {
	return f.PostID(r.Community, commentID) || f.Author(r.Community, r.AuthorID, r.AnsweredAt)
}

// Activity says whether an activity was erased with its author. Of any other it takes out the references to erased
// posts and persons.
func (f Filter) Activity(r *schema.ActivityRow) bool {
	if f.Author(r.Community, r.AuthorID, r.OccurredAt) {
		return true
	}
	if f.PostID(r.Community, r.PostID) {
		r.PostID = ""
	}
	if f.Author(r.Community, r.InvitedBy, r.OccurredAt) {
		r.InvitedBy = ""
	}
	return false
}

// MessageKey says whether the key of a message names an erased post.
func (f Filter) MessageKey(key string) bool {
	return key != "" && f.Set.Len() > 0 && f.has(func(k Keys) Key { return k.MessageKey(key) }, time.Time{})
}
