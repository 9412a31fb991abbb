import type { BackchannelFailure } from '@countersign/api'

/** Where an application hears of sign-outs. */
export const backChannel = {
  backChannel: {
    title: 'Back-channel logout',
    address: 'Address for logout tokens',
    addressHint:
      'Where this application’s server hears that somebody signed out elsewhere. Empty: it does not hear of it.',
    session: 'The tokens name the session',
    sessionHint: 'For applications that end one session of a user and not all of them.',
    heard: (when: string) => `The last logout token arrived (${when}).`,
    notHeard: (when: string) => `The last logout token did not arrive (${when})`,
    status: (status: number) => `Status: ${status}.`,
    entry: 'Everything about it',
    all: 'All logout tokens to this application',
    reasons: {
      private_address:
        'The address belongs to this machine or to a private network. Start the server with BACKCHANNEL_ALLOW_PRIVATE=true to let logout tokens go there.',
      no_such_host:
        'There is no host of this name. Check the address, and the name server of the server’s machine.',
      not_listening:
        'Nobody listens at this address and port. Check the address, and that the application runs.',
      no_answer:
        'The application did not answer in time. Check that it runs, and that no firewall lies between.',
      certificate:
        'The application’s certificate is not trusted here. Mend it, or make its issuer known by NODE_EXTRA_CA_CERTS.',
      redirects:
        'The application answered with a redirect, and redirects are not followed. Enter the address that it redirects to.',
      refused:
        'The application refused the logout token. Check the address, and that it takes tokens of this issuer, signed as its ID tokens are.',
      faulty: 'The application answered with an error of its own, again and again. Look into its log.',
      network: 'The connection to the application failed. Check the network between here and there.',
      busy: 'Too many applications were being told at once, or the server was stopping, so this one was not.',
    } satisfies Record<BackchannelFailure, string>,
  },
}
