/**
 * The style rules for every text that readers meet: what a text doesn't say, and what it says instead.
 *
 * Each rule comes with sentences that break it and sentences that don't. tests/site/style.spec.ts checks both.
 */
export interface Rule {
  name: string;
  /** Matched against one sentence at a time. Code spans read as `…`. */
  pattern: RegExp;
  /** What to write instead. */
  instead: string;
  breaks: string[];
  keeps?: string[];
}

export const rules: Rule[] = [
  {
    name: 'whoever',
    pattern: /\bwho(m)?ever\b/i,
    instead: 'say who: "anyone who", "users who", "you"',
    breaks: ['Whoever has the inbox can start a reset.'],
    keeps: ['Anyone who can read the inbox can start a reset.'],
  },
  {
    name: 'headless-who',
    pattern: /^Who (?!says\b)\w+(?: [^?]*)?[.:]$/,
    instead: 'give the sentence a subject: "If a user has lost the phone, …"',
    breaks: ['Who has lost the phone needs another factor.'],
    keeps: ['Who can read the table?', 'Users who have lost the phone need another factor.'],
  },
  {
    name: 'one-as-pronoun',
    pattern:
      /\b(?:one's|oneself)\b|(?:^|[,;:] |\b(?:if|when|that|before|after|as|what|and|or|until|because) )one (?:is|has|can|can't|cannot|may|must|should|needs|wants|gets|could|would|will|does|never|tries)\b/i,
    instead: 'say "you", or repeat the noun',
    breaks: ['If one has no factor, nothing happens.', "It's good to know one's limits.", 'One can ask again.'],
    keeps: ['If one factor is left, use it.', 'Each one has a name.'],
  },
  {
    name: 'the-one',
    pattern:
      /\bwhich ones?\b|\b(?:the|the other|the same|the older|the newer|the first) ones?(?= (?:is|are|was|were|has|have|had|can|may|that|who|which|whose|at|in|of|on|from|to|by|with|for|and|or|before|after|you|it|they|the)\b|[.,;:)?!—]|$)/i,
    instead: 'repeat the noun',
    breaks: ['The session is replaced by the one at aal1.', 'The first one is refused.', 'Which one do you have?'],
    keeps: ['The one thing to know is the level.', 'Choose another one.', 'This one request is enough.'],
  },
  {
    name: 'of-yours',
    pattern: /\bof (?:yours|ours|mine|theirs|his|hers)\b/i,
    instead: 'say "your page", "one of your pages"',
    breaks: ['The link leads to a page of yours.'],
    keeps: ['The link leads to one of your pages.'],
  },
  {
    name: 'for-want-of',
    pattern: /\b(?:for want of|for lack of|in want of)\b/i,
    instead: 'say "because … is missing"',
    breaks: ['It is refused for want of a factor.'],
  },
  {
    name: 'inverted-question',
    pattern:
      /^(?:Has|Have|Had) (?:the |a |an |your |this |that )?\w+ (?:\w+ )?(?:a|an|any|no|some|two|several|more)\b|^(?:Had|Were|Should) (?:the |a |an |your |this )?\w+ [^?]*, /,
    instead: 'ask with "do": "Does the user have …?"; for a condition, say "If …"',
    breaks: [
      'Has the user a verified factor?',
      'Should the code be wrong, ask again.',
      'Had the user no factor, it would pass.',
    ],
    keeps: ['Does the user have a verified factor?', 'Have you lost your phone?', 'Should I use PKCE?'],
  },
  {
    name: 'british-spelling',
    pattern:
      /\b(?:colou?r(?<=colour)|behaviou?r(?<=behaviour)|favou?r(?<=favour)|colours|coloured|behaviours|favours|favourite|honours?|honoured|neighbours?|licences?|enrols?|enrolment|enrolments|unenrols?|unenrolment|fulfils?|fulfilment|centre|centres|grey|catalogue|cancelled|cancelling|labelled|labelling|travelled|modelling|signalling|programme|defence|offence|artefacts?|whilst|amongst|judgement|cheque|practise|practised|learnt|spelt|analyse[ds]?|(?:organ|recogn|real|minim|maxim|author|initial|serial|normal|summar|custom|optim|synchron|categor|final|general|capital|sanit|special|token|util|visual)is(?:e[ds]?|ing|ation))\b/i,
    instead: 'use US spelling, and the spelling of the API: color, license, enroll, unenroll',
    breaks: [
      'The colour is amber.',
      'Its behaviour is the same.',
      'The licence is MIT.',
      'Let the user enrol a factor.',
      'Users can unenrol it.',
      'The app recognises the link.',
    ],
    keeps: ['The color is amber, and users can enroll or unenroll a factor.'],
  },
  {
    name: 'email',
    pattern: /\be-mail(?:s|ed|ing)?\b|\bmail(?:s|ed|ing)?\b(?! (?:app|apps|server|servers)\b)/i,
    instead: 'say "email"; as a verb, "send"',
    breaks: ['An e-mail is on its way.', 'Auth mails the link.', 'Open the mail.'],
    keeps: ['An email is on its way.', 'Mail apps open links in a browser.', 'Open the mailbox.'],
  },
  {
    name: 'lift',
    pattern: /\blift(?:s|ed|ing)?\b(?! (?:the|a) ban\b)/i,
    instead: 'say "raise the session to aal2"',
    breaks: ['The code lifts the session to aal2.'],
    keeps: ['The code raises the session to aal2.', 'An administrator can lift the ban.'],
  },
  {
    name: 'told',
    pattern: /\btold\b|\btells? (?:its|an|the) event\b/i,
    instead: 'say "shown", "reported", "notified"',
    breaks: ['Nobody is told.', 'An expired challenge is told once.'],
    keeps: ['Tell the user what happened.'],
  },
  {
    name: 'formal',
    pattern:
      /\b(?:shall|thereby|hence|thus|therein|thereof|thereafter|thereupon|whereby|wherein|whereupon|hereby|herein|hitherto|albeit|notwithstanding|aforementioned|moreover|furthermore|nevertheless|nonetheless|in order to|prior to|so-called|be it|lest|ere|anew|as yet|for it is)\b/i,
    instead: 'use the everyday word: "so", "also", "to", "before", "again"',
    breaks: [
      'The user shall verify a factor.',
      'It thereby ends the session.',
      'Hence the 401.',
      'Sign in anew.',
      'Verify a factor in order to go on.',
    ],
  },
  {
    name: 'challenge',
    pattern: /\b(?:take|takes|taking|took|fetch|get) (?:a|another|the next) (?:new |fresh )?challenge\b/i,
    instead: 'say "create a new challenge"',
    breaks: ['Take a new challenge.'],
    keeps: ['Create a new challenge.'],
  },
  {
    name: 'stands',
    pattern: /\bstands? (?:in|on|between|beside|under|there|at|behind|for itself)\b/i,
    instead: 'say what it is or where it is: "is stored in", "is between"',
    breaks: ['The level stands in the token.'],
    keeps: ['The level is stored in the token.'],
  },
  {
    name: 'since',
    pattern:
      /\bsince (?:when|which)\b|\b(?:needs?|is|are|has (?!\w+(?:ed|en)\b)|have (?!\w+(?:ed|en)\b)|asks?|comes?|gives?|works?)\b(?: [\w`…-]+){0,4} since (?:Auth |supabase-js |version )?v?\d/i,
    instead: 'say "has needed … since", or "In v2.161.0, …"',
    breaks: ['A change needs aal2 since v2.161.0.', 'Since which version is this so?'],
    keeps: ['A change has needed aal2 since v2.161.0.'],
  },
  {
    name: 'allows-to',
    pattern: /\b(?:allow|allows|permit|permits|enable|enables) to \w+/i,
    instead: 'say who: "allows you to", "lets you"',
    breaks: ['It allows to change the password.'],
    keeps: ['It lets you change the password.'],
  },
  {
    name: 'spent',
    pattern: /\bspen[dt]s?\b(?= ?(?:$|[.,;:)|]|by|if|even|the|it|them|that|at))/i,
    instead: 'say "used up"',
    breaks: ['The link is spent.', 'A scanner would spend it.'],
    keeps: ['The link is used up.'],
  },
  {
    name: 'without-contraction',
    pattern: /\b(?:(?:do|does|did|is|are|was|were|has|have|had|would|could|should|must|will) not|cannot)\b(?! only\b)/,
    instead: 'contract it: "don\'t", "can\'t"',
    breaks: ['The session cannot change the password.', 'It does not help.'],
    keeps: ["The session can't change the password, and it's not only the password."],
  },
];
