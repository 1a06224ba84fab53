ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    MODIFY COLUMN `evidence.kind` Array(Enum8('sentiment' = 1, 'topic' = 2, 'intent' = 3, 'signal' = 4)),
    MODIFY COLUMN `evidence.field` Array(Enum8('body' = 1, 'title' = 2));

{{if distributed "post_facts" ""}}ALTER TABLE {{database}}.post_facts{{on_cluster}}
    MODIFY COLUMN `evidence.kind` Array(Enum8('sentiment' = 1, 'topic' = 2, 'intent' = 3, 'signal' = 4)),
    MODIFY COLUMN `evidence.field` Array(Enum8('body' = 1, 'title' = 2)){{end}};
