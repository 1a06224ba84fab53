// Package auth owns who may see which pages: the file of users, logging in by password, by OpenID Connect or by the
// header of a reverse proxy, and the sessions that follow.
//
// It answers one question, who is asking and which communities may they read; what a page shows for it is its caller's
// business. It never stores a password, writes none to a log, and tells nobody whether a name or a password was wrong.
package auth

import (
	"context"
	"slices"
)

// Everything is the community that stands for all communities, also those that come later.
const Everything = "*"

// User is somebody who is logged in. The zero User is nobody and may see nothing.
type User struct {
	Name        string
	Communities []string
}

// May says whether the user may read a community.
func (u User) May(community string) bool {
	return u.Name != "" && (u.All() || slices.Contains(u.Communities, community))
}

// All says whether the user may read every community.
func (u User) All() bool { return u.Name != "" && slices.Contains(u.Communities, Everything) }

type userKey struct{}

// UserOf is the user of a request that came through Require.
func UserOf(ctx context.Context) User {
	u, _ := ctx.Value(userKey{}).(User)
	return u
}

func withUser(ctx context.Context, u User) context.Context {
	return context.WithValue(ctx, userKey{}, u)
}
