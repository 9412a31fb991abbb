/** How a provider tells whether messages were delivered. */
export const receipts = {
  receiptAddress: {
    title: 'Receipts',
    text: 'The provider tells whether messages were delivered. The deliveries show it, and whoever waits for a code that cannot be delivered reads it on the page.',
    address: 'Address for receipts',
    addressText:
      'Enter it where the provider asks for a callback or an HTTP address for delivery receipts. Treat it as a secret: whoever knows it can report messages as not delivered.',
    none: 'No receipt has come here yet',
    steps: [
      'Enter the address at the provider: the last step of the guide says where.',
      'See to it that the provider reaches it from the internet.',
      'Wait up to 15 minutes until the provider uses it, then send a message.',
    ],
    last: (when: string) => `The last receipt came here on ${when}.`,
    unreachable:
      'No provider reaches this address: it names the machine on which the server runs. Set ENDPOINT to the public address.',
    refused: (times: number, when: string) =>
      times === 1
        ? `A request to this address was not believed, on ${when}`
        : `${times} requests to this address were not believed, the last one on ${when}`,
    pulls:
      'Where the provider reports nothing, it is asked about the message: after 10 seconds, in ever longer intervals while the code is good, and once an hour later.',
    noPulls:
      'This provider cannot be asked about a message. Without its reports nobody knows whether a message was delivered.',
    onlyPulls:
      'This provider reports nothing by itself. It is asked about each message: after 10 seconds, in ever longer intervals while the code is good, and once an hour later.',
    renew: 'New address',
    renewTitle: 'Replace the address?',
    renewText:
      'Nothing will answer at the present address any more. Enter the new one at the provider, which cannot report until then.',
    renewConfirm: 'Replace',
  },
}
