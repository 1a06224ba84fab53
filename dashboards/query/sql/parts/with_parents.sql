-- The topics of a post of posts, each once, and after them in their order the parents that it is not about by itself, as post_topics has them.
if(NOT arrayExists(t -> position(t, '/') > 0, topics), arrayMap(t -> toString(t), arrayDistinct(topics)),
    arrayConcat(
        arrayMap(t -> toString(t), arrayDistinct(topics)),
        arraySort(arrayDistinct(arrayFilter(t -> NOT has(topics, t),
            arrayFlatten(arrayMap(path -> arrayMap(k -> arrayStringConcat(arraySlice(path, 1, k), '/'), range(1, length(path))), arrayMap(t -> splitByChar('/', toString(t)), topics))))))))
