import {
  type CancellationToken,
  type Disposable,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import type { OpenDocument } from './document.ts';
import type { Session } from './session.ts';

/** Parameters that are not what the protocol says. */
export class InvalidParameters extends ResponseError<void> {
  constructor(what: string) {
    super(ErrorCodes.InvalidParams, `invalid parameters: ${what}`);
  }
}

/**
 * Fences a request: whatever goes wrong in it is logged and answered as an error of that request alone. Errors that are
 * meant as answers pass. A request that the client cancels is answered at once; what it started goes on as far as
 * others wait for it.
 */
export function fenceRequest<P, R, Rest extends readonly unknown[]>(
  session: Session,
  method: string,
  handle: (session: Session, params: P, token: CancellationToken, ...rest: Rest) => R | Promise<R>,
): (params: P, token: CancellationToken, ...rest: Rest) => Promise<R> {
  return async (params, token, ...rest) => {
    let subscription: Disposable | undefined;
    try {
      const cancelled = new Promise<never>((_resolve, reject) => {
        subscription = token.onCancellationRequested(() =>
          reject(new ResponseError(LSPErrorCodes.RequestCancelled, `${method} was cancelled`)),
        );
      });
      return await Promise.race([handle(session, params, token, ...rest), cancelled]);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      session.logError(method, error);
      throw new ResponseError(ErrorCodes.InternalError, `${method} failed: ${error}`);
    } finally {
      subscription?.dispose();
    }
  };
}

/** Fences a notification, which has no answer: whatever goes wrong is logged. */
export function fenceNotification<P>(
  session: Session,
  method: string,
  handle: (session: Session, params: P) => void | Promise<void>,
): (params: P) => void {
  return (params) => {
    // Handlers run synchronously up to their first await, so that edits apply in the order in which they came.
    try {
      Promise.resolve(handle(session, params)).catch((error) => session.logError(method, error));
    } catch (error) {
      session.logError(method, error);
    }
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isPosition(value: unknown): boolean {
  return isRecord(value) && Number.isInteger(value.line) && Number.isInteger(value.character);
}

export function isRange(value: unknown): boolean {
  return isRecord(value) && isPosition(value.start) && isPosition(value.end);
}

/** The URI in parameters that have a `textDocument`; throws InvalidParameters. */
export function uriOf(params: unknown): string {
  const document = isRecord(params) ? params.textDocument : undefined;
  if (!isRecord(document) || typeof document.uri !== 'string') throw new InvalidParameters('textDocument.uri');
  return document.uri;
}

/** The open C document that parameters name, or undefined when it is closed, unknown or not C. */
export function checkedDocumentOf(session: Session, params: unknown): OpenDocument | undefined {
  const document = session.documents.get(uriOf(params));
  return document?.workspace ? document : undefined;
}
