/** `ritual lsp`: serves editors on standard input and output until they hang up. */
export async function lsp(): Promise<void> {
  // The server is half of the program; no other command pays for starting it.
  const { startServer } = await import('../lsp/main.ts');
  startServer();
}
