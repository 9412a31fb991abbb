import Markdown from 'react-markdown'

/** A connector's guide. Its links lead away from a form that is half filled in, so they open beside it. */
export function Guide({ text }: { text: string }) {
  return (
    <div className="guide">
      <Markdown
        components={{
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
