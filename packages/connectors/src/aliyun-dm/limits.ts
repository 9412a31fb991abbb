/** Characters of a subject at most: newer documents say 256, older ones and the error table 100. */
export const SUBJECT = 100

/** Characters of the sender name at most: the documents say both "fewer than 15" and "not more than 15". */
export const SENDER_NAME = 14

/** Characters of the reply address's name at most. */
export const REPLY_NAME = 15

/** The header of a mail that carries our id of the try: the cloud repeats headers that are named so in its events. */
export const ATTEMPT_HEADER = 'X-User-Notify-Attempt'
