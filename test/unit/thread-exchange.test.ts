import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { ThreadExchange } from '../../server/src/cli/thread-exchange.ts';
import { NOTHING_RELEVANT } from '../../server/src/workspace/relevance.ts';

/** Two ends of one channel; both may be in one thread. */
const open: ThreadExchange[] = [];
function pair(): [ThreadExchange, ThreadExchange] {
  const channel = randomUUID();
  const ends: [ThreadExchange, ThreadExchange] = [new ThreadExchange(channel), new ThreadExchange(channel)];
  open.push(...ends);
  return ends;
}
afterEach(() => {
  for (const end of open.splice(0)) end.close();
});

/** Messages go from thread to thread beside the event loop; they are there a moment later. */
async function arrived<T>(ask: () => T | undefined): Promise<T | undefined> {
  for (let i = 0; i < 100; i++) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

describe('an exchange between threads', () => {
  test('tells the others what one found out', async () => {
    const [one, other] = pair();
    one.tellRelevance('a.c', 'f', NOTHING_RELEVANT);
    expect(await arrived(() => other.relevance('a.c', 'f'))).toEqual(NOTHING_RELEVANT);
    expect(other.relevance('b.c', 'f')).toBeUndefined();
  });

  // Repairs are made when a report is written: the crew has ended then, and what it found out is still asked for.
  test('answers what it knows when it is closed, and nothing else', async () => {
    const [one, other] = pair();
    one.tellRelevance('a.c', 'f', NOTHING_RELEVANT);
    await arrived(() => other.relevance('a.c', 'f'));
    other.close();
    expect(other.relevance('a.c', 'f')).toEqual(NOTHING_RELEVANT);
    expect(other.relevance('a.c', 'g')).toBeUndefined();
    expect(other.analysis('a.c', 'g')).toBeUndefined();
    expect(() => other.tellRelevance('a.c', 'g', NOTHING_RELEVANT)).not.toThrow();
    expect(other.relevance('a.c', 'g')).toEqual(NOTHING_RELEVANT);
  });
});
