// Package mask replaces personal data in Japanese community texts by stable pseudonyms, before anything is stored or
// logged.
//
// It owns the rules that find personal data, the form of mask tokens, and the pseudonyms. It takes text and gives
// text; it knows neither Kafka nor ClickHouse, keeps nothing between two texts and never logs. Its caller is the
// pipeline, between decoding and analysis.
//
// A mask token is ⟦ + kind in capitals + 14 consonants + ⟧, as in ⟦MAILbkdfqxmztrvcgh⟧. Letters only, so that a
// tokenizer sees one unknown word; no vowels, so that no word arises; no kind in Japanese, so that a masked mail
// address does not count as talk about mail. The first 11 consonants are the start of the value's Pseudonym, the
// last three prove that the token was made with a known key. A bracket in a text that does not begin such a token
// becomes 〚 or 〛: every ⟦ in a masked text is ours, and masking a masked text changes nothing. Somebody who has
// seen a token may quote it, but cannot make one.
//
// # Keys
//
// The same value has the same pseudonym under the same key, whatever its spelling: full or half width, upper or lower
// case, with or without hyphens, +81 or 0. To rotate: set the new key, move the old one to PreviousKeys, restart the
// workers. New texts get new pseudonyms; Revision changes, so that a replay of the topic rewrites the old texts
// with new pseudonyms and the counts are whole again. Until then a person has two pseudonyms. When no stored text holds
// tokens of the old key any more, drop it from PreviousKeys. Destroying a key makes its pseudonyms
// unlinkable to values for ever.
//
// # What it promises
//
// Held by tests: no panic on any input; time linear in the length; no value that was masked stands letter for letter
// elsewhere in the output, unless the allow list protects it, it is shorter than a word can be told by
// (fewer than seven characters inside a longer word), or it is a name that in another place is no name
// (宮崎さん and the city 宮崎); masking twice is masking once.
//
// # What it refuses to do
//
// It does not mask dates of birth, names of companies, private IP addresses, or names of persons that no dictionary knows and no honorific,
// title or cue points at. A postal code without 〒, cue or address behind it is a number like others.
package mask
