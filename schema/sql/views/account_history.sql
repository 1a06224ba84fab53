CREATE OR REPLACE VIEW {{database}}.account_history{{on_cluster}}
(
    account_id String COMMENT 'Id of the customer account',
    valid_from DateTime64(3, '{{zone}}') COMMENT 'Since when these attributes hold',
    valid_to DateTime64(3, '{{zone}}') COMMENT 'Until when they hold, exclusive; 2299-12-31 for the newest state',
    name String COMMENT 'Name of the account',
    attributes Map(LowCardinality(String), String) COMMENT 'plan, touch_model, industry, ltv_band, csm_owner, ...'
)
{{security}}
AS
SELECT account_id, valid_from, valid_to, name, attributes
FROM
(
    SELECT
        account_id, valid_from, name, attributes, deleted,
        leadInFrame(valid_from, 1, toDateTime64('2299-12-31 00:00:00', 3, '{{zone}}'))
            OVER (PARTITION BY account_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS valid_to
    FROM {{database}}.account_facts FINAL
)
WHERE deleted = 0
COMMENT 'States of customer accounts; join with account_id and valid_from <= posted_at < valid_to to get what held when a post was written';
