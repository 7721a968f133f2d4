/** `ritual lsp`: serves editors on standard input and output until they hang up. */
export async function lsp(): Promise<void> {
  // The server is a bundle of its own, which starts when it is read; no other command pays for it.
  await import('../lsp/stdio.ts');
}
