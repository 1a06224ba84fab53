package migrate

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"voc/schema"
)

// roleSettings are what a new role sets. To compile an expression takes as long as many of voc's queries, each of which has
// constants of its own and is compiled afresh.
const roleSettings = " SETTINGS compile_expressions = 0, compile_aggregate_expressions = 0, compile_sort_description = 0"

// Roles returns the statements that make the roles and give them their rights, for a server with SQL access control.
// An administrator runs them after every migration, which may bring new views, and grants the roles to users. For each
// community there is also the role of readers who see nothing else, see schema.BoundRole.
func Roles(cfg Config, communities ...string) (string, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.Validate(); err != nil {
		return "", err
	}
	onCluster := ""
	if cfg.Cluster != "" {
		onCluster = " ON CLUSTER " + cfg.Cluster
	}
	var b strings.Builder
	for _, role := range schema.Roles() {
		fmt.Fprintf(&b, "CREATE ROLE IF NOT EXISTS %s%s%s;\n", role, onCluster, roleSettings)
		grants := schema.Grants(role, cfg.Database)
		if cfg.Sharded {
			grants = append(grants, schema.ShardGrants(role, cfg.Database)...)
		}
		for _, grant := range grants {
			fmt.Fprintf(&b, "%s TO %s;\n", strings.Replace(grant, "GRANT ", "GRANT"+onCluster+" ", 1), role)
		}
	}
	if slices.Contains(communities, "") {
		return "", errors.New("migrate: a community without a name has no role; give its name")
	}
	if len(communities) > 0 {
		// A server may hide a view that has policies from everyone who has none.
		for _, v := range schema.BoundViews(cfg.Database, "") {
			if v.Filter != "" {
				fmt.Fprintf(&b, "CREATE ROW POLICY OR REPLACE voc_all%s ON %s.%s FOR SELECT USING 1 TO %s;\n",
					onCluster, cfg.Database, v.View, strings.Join(schema.Roles(), ", "))
			}
		}
	}
	for _, community := range communities {
		role := identifierLiteral(schema.BoundRole(community))
		fmt.Fprintf(&b, "CREATE ROLE IF NOT EXISTS %s%s%s;\n", role, onCluster, roleSettings)
		for _, grant := range schema.BoundGrants(cfg.Database) {
			fmt.Fprintf(&b, "%s TO %s;\n", strings.Replace(grant, "GRANT ", "GRANT"+onCluster+" ", 1), role)
		}
		for _, v := range schema.BoundViews(cfg.Database, community) {
			if v.Filter != "" {
				fmt.Fprintf(&b, "CREATE ROW POLICY OR REPLACE %s%s ON %s.%s FOR SELECT USING %s TO %s;\n", role, onCluster, cfg.Database, v.View, v.Filter, role)
			}
		}
	}
	return b.String(), nil
}

// identifierLiteral quotes a name that may hold anything.
func identifierLiteral(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}
