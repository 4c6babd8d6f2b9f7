import { answerStream } from './stream';

// NDJSON requests on standard input, one NDJSON answer per line on standard output; see libs/sts/README.md.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of our answers went away, as `head` does: nothing more to say.
  if (error.code === 'EPIPE') process.exit(1);
  throw error;
});

void answerStream(process.stdin, process.stdout).then((failures) => {
  if (failures > 0) process.exitCode = 1;
});
