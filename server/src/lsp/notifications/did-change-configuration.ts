import { reloadConfigurations } from '../reload.ts';
import type { Session } from '../session.ts';

/**
 * `workspace/didChangeConfiguration`: the server has no settings of its own (what it reports must not depend on the
 * editor), but this is how a client that watches no files asks it to look at the configuration files again.
 */
export async function didChangeConfiguration(session: Session): Promise<void> {
  await reloadConfigurations(session);
}
