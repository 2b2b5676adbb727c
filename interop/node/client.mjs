// The frame of every client: settings come as JSON on the standard input, and what the client saw goes as JSON to
// the standard output. A client that refuses something ends with 1, and its error is what it prints.
import { readFileSync } from 'node:fs';

/** The name, code and message of an error, and of what caused it. */
export const describe = (error) => ({
  name: error.name,
  code: error.code,
  message: error.message,
  ...(error.cause instanceof Error && { cause: describe(error.cause) }),
});

/** Runs a client: an async function from the settings to what is printed. */
export const run = async (client) => {
  const settings = JSON.parse(readFileSync(0, 'utf8'));
  try {
    console.log(JSON.stringify(await client(settings)));
  } catch (error) {
    console.log(JSON.stringify({ error: describe(error) }));
    process.exitCode = 1;
  }
};

/** What a promise is rejected with; it is an error that it is not. */
export const refusal = async (promise) => {
  const outcome = await promise.then(
    () => ({ isFulfilled: true }),
    (error) => ({ error }),
  );
  if (outcome.isFulfilled) throw new Error('this should have been refused');
  return outcome.error;
};
