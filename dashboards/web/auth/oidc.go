package auth

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC says which OpenID Connect provider vouches for people.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	// PublicURL is the address of the pages as browsers see it; the provider sends people back to /login/callback there.
	PublicURL string
	// NameClaim is the claim that names the user, such as email. A claim email counts only when it is verified.
	NameClaim string
}

func (c OIDC) check() error {
	u, err := url.Parse(c.PublicURL)
	switch {
	case c.Issuer == "" || c.ClientID == "":
		return errors.New("auth: OpenID Connect needs the issuer and the client id")
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("auth: the public address is %q; give one such as https://voc.example.jp", c.PublicURL)
	case c.NameClaim == "":
		return errors.New("auth: OpenID Connect needs the claim that names the user, such as email")
	}
	return nil
}

// provider is what the issuer tells about itself, asked for at the first login so that the pages start without it.
type provider struct {
	mu       sync.Mutex
	oauth    *oauth2.Config
	verifier *oidc.IDTokenVerifier
}

func (l *Login) discover(ctx context.Context) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	p, c := &l.provider, l.OIDC
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.oauth != nil {
		return p.oauth, p.verifier, nil
	}
	// The keys are fetched again later, when this request is over.
	found, err := oidc.NewProvider(context.WithoutCancel(ctx), c.Issuer)
	if err != nil {
		return nil, nil, fmt.Errorf("the OpenID Connect provider does not answer: %w", err)
	}
	p.oauth = &oauth2.Config{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: strings.TrimSuffix(c.PublicURL, "/") + "/login/callback",
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
	p.verifier = found.Verifier(&oidc.Config{ClientID: c.ClientID})
	return p.oauth, p.verifier, nil
}

// flow is what the session remembers between the start and the way back.
type flow struct {
	State, Nonce, Verifier, Next string
}

func (l *Login) start(w http.ResponseWriter, r *http.Request) {
	conf, _, err := l.discover(r.Context())
	if err != nil {
		l.Log.Error("logging in failed", "error", err)
		http.Error(w, "ログインの提供元につながりません。しばらくしてからお試しください。", http.StatusBadGateway)
		return
	}
	f := flow{rand.Text(), rand.Text(), oauth2.GenerateVerifier(), local(r.FormValue("next"))}
	b, err := json.Marshal(f)
	if err != nil {
		l.sessions.ErrorFunc(w, r, err)
		return
	}
	l.sessions.Put(r.Context(), keyFlow, string(b))
	http.Redirect(w, r, conf.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
}

func (l *Login) callback(w http.ResponseWriter, r *http.Request, show Show, form Form) {
	name, next, err := l.exchange(r)
	if err != nil {
		l.Log.Warn("logging in failed", "error", err)
		form.Error, form.Status = "ログインできませんでした。もう一度お試しください。", http.StatusUnauthorized
		show(w, r, form)
		return
	}
	if l.begin(w, r, name, "") {
		http.Redirect(w, r, next, http.StatusSeeOther)
	}
}

// exchange turns the provider's answer into a name.
func (l *Login) exchange(r *http.Request) (name, next string, err error) {
	var f flow
	if err := json.Unmarshal([]byte(l.sessions.PopString(r.Context(), keyFlow)), &f); err != nil {
		return "", "", errors.New("there is no login under way in this session")
	}
	if state := r.FormValue("state"); state == "" || state != f.State {
		return "", "", errors.New("the state is not the one that was sent")
	}
	if e := r.FormValue("error"); e != "" {
		return "", "", fmt.Errorf("the provider says %.100q", e)
	}
	conf, verifier, err := l.discover(r.Context())
	if err != nil {
		return "", "", err
	}
	token, err := conf.Exchange(r.Context(), r.FormValue("code"), oauth2.VerifierOption(f.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		// The error's own text repeats the provider's answer, which may repeat what was sent.
		return "", "", fmt.Errorf("the code was not taken: the provider answers %d %.50q", refused.Response.StatusCode, refused.ErrorCode)
	}
	if err != nil {
		return "", "", fmt.Errorf("the code was not taken: %w", err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return "", "", errors.New("the provider gave no ID token")
	}
	id, err := verifier.Verify(r.Context(), raw)
	if err != nil {
		return "", "", fmt.Errorf("the ID token is not valid: %w", err)
	}
	if id.Nonce != f.Nonce {
		return "", "", errors.New("the nonce is not the one that was sent")
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return "", "", fmt.Errorf("the claims are not understood: %w", err)
	}
	name, _ = claims[l.OIDC.NameClaim].(string)
	if l.OIDC.NameClaim == "email" {
		// Absent counts as verified: some providers leave it out for their own addresses.
		if verified, given := claims["email_verified"].(bool); given && !verified {
			return "", "", errors.New("the mail address is not verified")
		}
	}
	if err := checkName(name); err != nil {
		return "", "", fmt.Errorf("the claim %s: %w", l.OIDC.NameClaim, err)
	}
	return name, f.Next, nil
}
