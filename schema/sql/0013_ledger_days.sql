ALTER TABLE {{local "record_outcomes"}}{{on_cluster}}
    ADD INDEX IF NOT EXISTS day_range toDate(record_time) TYPE minmax GRANULARITY 1;

ALTER TABLE {{local "record_outcomes"}}{{on_cluster}}
    MATERIALIZE INDEX day_range;
