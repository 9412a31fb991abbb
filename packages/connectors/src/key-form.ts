/** What keys and tokens of every cloud are made of; what was pasted may have more, which nobody sees. */
export const KEY = {
  test: /^[\x21-\x7e]+$/,
  message: 'must be letters, digits and signs, without spaces and characters that nobody sees',
}
