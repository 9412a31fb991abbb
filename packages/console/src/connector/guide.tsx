import Markdown from 'react-markdown'

/** A connector's guide. Its links lead away from a form that is half filled in, so they open beside it. */
export function Guide({ text }: { text: string }) {
  return (
    <div className="guide">
      <Markdown
        components={{
          // The page and the card have the two headings above.
          h1: 'h3',
          h2: 'h4',
          h3: 'h5',
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </Markdown>
    </div>
  )
}
