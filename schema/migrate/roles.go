package migrate

import (
	"fmt"
	"strings"

	"voc/schema"
)

// Roles returns the statements that make the roles and give them their rights, for a server with SQL access control.
// An administrator runs them once, after the first migration, and grants the roles to users.
func Roles(cfg Config) (string, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.Validate(); err != nil {
		return "", err
	}
	onCluster := ""
	if cfg.Cluster != "" {
		onCluster = " ON CLUSTER " + cfg.Cluster
	}
	var b strings.Builder
	for _, role := range []string{schema.RoleAdmin, schema.RoleWriter, schema.RoleReader} {
		fmt.Fprintf(&b, "CREATE ROLE IF NOT EXISTS %s%s;\n", role, onCluster)
		grants := schema.Grants(role, cfg.Database)
		if cfg.Sharded && role == schema.RoleWriter {
			for _, table := range schema.Tables() {
				grants = append(grants, fmt.Sprintf("GRANT SELECT, INSERT ON %s.%s_local", cfg.Database, table))
			}
		}
		for _, grant := range grants {
			fmt.Fprintf(&b, "%s TO %s;\n", strings.Replace(grant, "GRANT ", "GRANT"+onCluster+" ", 1), role)
		}
	}
	return b.String(), nil
}
