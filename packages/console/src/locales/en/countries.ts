/** Which countries text messages may go to. */
export const countries = {
  countries: {
    title: 'Countries',
    text: 'Text messages go to no other country than these. A new connection of a connector of ours goes to mainland China alone, until somebody adds more.',
    none: 'No SMS connection is on.',
    connection: 'Connection',
    reached: 'Countries and regions, with the price',
    actions: 'Actions',
    change: 'Change',
    changeNamed: (name: string) => `Change the countries of ${name}`,
    sources:
      'Prices are those that you wrote under Costs, else those of a list that the connector comes with; its source and date stand there. Prices abroad change often.',
  },
}
