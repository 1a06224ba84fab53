CREATE OR REPLACE VIEW {{database}}.accounts{{on_cluster}}
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, '{{zone}}') COMMENT 'Since when these attributes hold',
    name String COMMENT 'Name of the account',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...'
)
{{security}}
AS
SELECT account_id, s.1 AS valid_from, s.2 AS name, s.3 AS attributes
FROM
(
    SELECT account_id, argMax((valid_from, name, attributes, deleted), valid_from) AS s
    FROM {{database}}.account_facts FINAL
    WHERE valid_from <= now64(3)
    GROUP BY account_id
)
WHERE s.4 = 0
COMMENT 'Customer accounts as they are now, one row each, without ended ones';
