/** The check for people. */
export const captcha = {
  captcha: {
    title: 'Check for people',
    text: 'The visitor’s browser does some work before a message leaves. There is nothing to read or to click, and no other host is asked.',
    forAll: 'Ask every visitor',
    forAllText: 'Once in each sign-in, before the first code is sent or a password is asked for.',
    effort: 'Work',
    effortText: 'Iterations of PBKDF2 on average. Phones do one or two millions a second (our estimate).',
    iterations: (count: string) => `${count} iterations`,
    whenAsked:
      'Also while not every visitor is asked, the check is shown where another part of the protection demands it of a message. Back ends, and whoever is signed in, are never asked.',
    saved: 'The check for people is saved.',
  },
}
