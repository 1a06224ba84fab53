ALTER TABLE {{local "post_facts"}}{{on_cluster}}
    MODIFY SETTING vertical_merge_algorithm_min_rows_to_activate = 1;
