/** What can go wrong, and the sentence that the user reads. */
export const problems = {
  link: 'This link was used already or is too old. Ask for a new one.',
  session: 'This reset took too long or was ended elsewhere. Ask for a new link.',
  locked: 'Too many wrong codes. Wait a while, then ask for a new link.',
  code: 'That code is wrong or too old.',
  challenge: 'We couldn’t check your code. Try again with a new code.',
  'same-password': 'That’s your old password. Choose another one.',
  'weak-password': 'That password is too weak. Choose a longer one, with letters, digits, and symbols.',
  'too-often': 'Too many tries. Wait a minute, then try again.',
  other: 'That didn’t work. Try again.',
};

export type Problem = keyof typeof problems;

/**
 * Returns the problem that an address names, or `undefined` if the word isn't on the list:
 * anybody can put a word into a link.
 */
export function problemIn({ searchParams }: URL): Problem | undefined {
  const word = searchParams.get('problem') ?? '';
  return Object.hasOwn(problems, word) ? (word as Problem) : undefined;
}
