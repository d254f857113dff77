/** The command line, or a file it names, is not what the command needs: exit code 2, and the message without a stack. */
export class BadUsage extends Error {}
