/** What `ritual debug --dump` can show; apart from the code that shows it, because help needs the names only. */
export const dumpNames = ['tokens', 'ir', 'cfg', 'states'] as const;

export type DumpName = (typeof dumpNames)[number];
