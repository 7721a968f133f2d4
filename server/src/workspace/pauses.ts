/** Ways to let the event loop turn within long work. */

/**
 * Lets a message that arrives be read and handled, which takes the event loop several turns: a timer waits for all of
 * them.
 */
export function shortPause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Lets what waits in the event loop run. A message channel, unlike a timer, has no least delay. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
