/** Where messages go: the runner's log or a terminal. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  /** Runs `body` with its output folded under `title`. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
}
