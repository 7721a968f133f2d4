/**
 * The names of the report formats, apart from the code that renders them, because help needs the names only. The type
 * checker holds that each of them can be rendered.
 */
export const checkFormats = ['full', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;

export type CheckFormat = (typeof checkFormats)[number];
