/** What the commands print to and where they are: the process, or a test's stand-in. */
export interface Terminal {
  /** True where a line may be written over. */
  readonly interactive: boolean;
  /** The folder that relative paths start from. */
  readonly folder: string;
  out(text: string): void;
  error(text: string): void;
}
