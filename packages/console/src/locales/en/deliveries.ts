/** What became of messages. */
export const deliveries = {
  deliveries: {
    title: 'Deliveries',
    intro: 'Every attempt to get a message out, newest first.',
    state: 'State',
    all: 'All states',
    states: {
      sending: 'Sending',
      accepted: 'Accepted',
      failed: 'Failed',
      unconfirmed: 'Unconfirmed',
      not_sent: 'Test identity, not sent',
    },
    when: 'Time',
    recipient: 'Recipient',
    connector: 'Connector',
    usageType: 'Usage type',
    took: 'Took',
    result: 'Result',
    details: 'Details',
    ids: 'Provider’s IDs',
    empty: 'No attempt yet',
    emptyText: 'As soon as a message is sent, or fails, you can follow it here.',
    noMatch: 'No attempt is in this state.',
  },
}
