package web

import (
	"net/http"

	"voc/dashboards/web/auth"
)

// loginPage shows the form for logging in.
func (s *Server) loginPage(w http.ResponseWriter, r *http.Request, f auth.Form) {
	s.show(w, r, scope{}, page{Template: "login", Title: "ログイン", Status: f.Status, Bare: true, Data: f})
}
