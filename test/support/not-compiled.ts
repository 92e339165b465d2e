/**
 * Settings that are off in the engines of tests. With them it makes machine code of what it was asked three times: over the few rows of a test
 * that is a fifth of what a snapshot costs. Answers are the same; processes of the product run with the engine's own settings.
 */
export const NOT_COMPILED = ['compile_expressions', 'compile_aggregate_expressions', 'compile_sort_description'];
