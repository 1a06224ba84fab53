package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
)

//go:embed static/dist static/icon.svg
var static embed.FS

// assets are the scripts, styles and the icon, under addresses that change with their content, so that a browser may
// keep them for ever.
type assets struct {
	files map[string]asset // by name
}

type asset struct {
	hash, kind string
	content    []byte
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	for _, name := range []string{"static/dist/app.js", "static/dist/charts.js", "static/dist/app.css", "static/icon.svg"} {
		b, err := fs.ReadFile(static, name)
		if err != nil {
			return nil, fmt.Errorf("web: %w; run `make web`", err)
		}
		sum := sha256.Sum256(b)
		a.files[path.Base(name)] = asset{hex.EncodeToString(sum[:8]), mime.TypeByExtension(path.Ext(name)), b}
	}
	return a, nil
}

// path is the address of an asset.
func (a *assets) path(name string) (string, error) {
	f, ok := a.files[name]
	if !ok {
		return "", fmt.Errorf("web: there is no asset %q", name)
	}
	return "/static/" + f.hash + "/" + name, nil
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.files[r.PathValue("name")]
	if !ok || r.PathValue("hash") != f.hash {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(f.content) // the client went away, nothing to do
}
