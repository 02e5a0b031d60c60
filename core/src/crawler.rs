//! Whether a user agent is a crawler's or a program's and not a browser's.

use std::cell::RefCell;
use std::sync::LazyLock;

use isbot::Bots;

/// Entries of the list that real browsers meet too: phones of the maker Cubot, the
/// browser Sogou, and what a virus scanner or a vacuum cleaner adds.
const TOO_BROAD: &[&str] = &[r"bot($|[/\);-]+)", "kaspersky", "robot", "sogou", "trove"];

/// What stands for those, and what the list has not: newer crawlers, and the libraries
/// by which servers send events.
const MORE: &[&str] = &[
    r"(?:^|[^u]|[^c]u)bots?(?:$|[/\);,_-]+)",
    r"sogou[a-z ]*(?:spider|robot)",
    r"[a-z]robot|robots?[/.\-_@)]",
    // Crawlers and what drives browsers.
    "acunetix|anthropic-ai|cohere-ai|collapsify|cookiehub",
    "^chatgpt-|claude-(?:user|searchbot|web)|perplexity-user|manus-user",
    "googleagent-|googleother|^facebookcatalog|meta-external|^whatsapp/",
    "nikto|playwright|puppeteer|selenium|silktide|synthetics|thousandeyes|^colly/",
    // Libraries and tools.
    r"^analytics-[a-z]|^rudder|^segment|^shopify-",
    r"^node(?:\.js)?(?:$|/)|^node-fetch|^undici|^got(?:$|[/ ])|superagent|^deno/|^bun/",
    r"^python(?:$|[/\- ])|^perl|^ruby(?:$|[/ ])|^faraday|^rest-client|^httparty|^http\.rb|^typhoeus",
    r"^java-http|^ktor|^unirest|dart:io|restsharp|winhttp|powershell/",
    "^reqwest/|^hyper/|^libcurl|^httpie/|^insomnia/",
];

static CRAWLERS: LazyLock<Bots> = LazyLock::new(|| {
    let mut crawlers = Bots::default();
    crawlers.remove(TOO_BROAD);
    crawlers.append(MORE);
    crawlers
});

/// So many answers are kept.
const KEPT: usize = 64;

/// A longer user agent's answer is not kept.
const LONGEST_KEPT: usize = 400;

/// A user agent and what was said of it.
type Kept = Option<(Box<str>, bool)>;

thread_local! {
    /// The last answers, each in the place of its user agent: a look at the list takes a
    /// quarter of a microsecond, and most visitors have one of a few browsers.
    static ANSWERS: RefCell<[Kept; KEPT]> =
        const { RefCell::new([const { None }; KEPT]) };
}

/// Whether `user_agent` is that of a known crawler, of a library for HTTP requests, or of
/// a tool that drives a browser. One that is unknown counts as a browser's.
#[must_use]
pub(crate) fn is_crawler(user_agent: &str) -> bool {
    if user_agent.len() > LONGEST_KEPT {
        return CRAWLERS.is_bot(user_agent);
    }
    ANSWERS.with_borrow_mut(|answers| {
        let Some(kept) = answers.get_mut(place(user_agent)) else {
            return CRAWLERS.is_bot(user_agent);
        };
        match kept {
            Some((known, answer)) if **known == *user_agent => *answer,
            _ => {
                let answer = CRAWLERS.is_bot(user_agent);
                *kept = Some((user_agent.into(), answer));
                answer
            }
        }
    })
}

/// Where the answer for a user agent is kept: by its length and some of its bytes, as
/// they differ towards the end.
fn place(user_agent: &str) -> usize {
    let some = user_agent.bytes().rev().step_by(5).take(24);
    let hash = some.fold(user_agent.len(), |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(usize::from(byte))
    });
    hash % KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Browsers, among them those inside apps, and phones whose names look like bots.
    const BROWSERS: &[&str] = &[
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/323.0.647062479 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.0.41.82;FBBV/602060281;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5;FBSS/3;FBID/phone;FBLC/de_DE;FBOP/5]",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/468.0.0.52.80;]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E219 Instagram 320.0.0.0 (iPhone14,5; iOS 17_4; de_DE; de; scale=3.00; 1170x2532; 570815441)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Pinterest/iOS]",
        "Mozilla/5.0 (Linux; Android 12; SM-G991B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/115.0 Mobile Safari/537.36 Snapchat/12.40.0.38 (Android 12; SM-G991B)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 WhatsApp/24.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.42(0x18002a2a) NetType/WIFI Language/zh_CN",
        "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 9; CUBOT P40 Build/PPR1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 8.1.0; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/80.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; MI 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/83.0 Mobile Safari/537.36 SogouMSE,SogouMobileBrowser/5.28",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) coc_coc_browser/109.0.184 Chrome/103.0.5060.184 Safari/537.36",
        "Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16",
        "",
        "UA/1",
    ];

    const OTHERS: &[&str] = &[
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.69 Mobile Safari/537.36 (compatible; GoogleOther)",
        "AdsBot-Google (+http://www.google.com/adsbot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "meta-externalagent/1.1",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
        "Sogou web spider/4.0",
        "Twitterbot/1.0",
        "curl/8.4.0",
        "Wget/1.21.3",
        "python-requests/2.31.0",
        "Python/3.11 aiohttp/3.9.1",
        "Go-http-client/2.0",
        "axios/1.7.2",
        "node-fetch",
        "node",
        "undici",
        "analytics-node/2.1.0",
        "analytics-python/2.2.3",
        "okhttp/4.12.0",
        "Java/17.0.1",
        "Java-http-client/17.0.1",
        "Apache-HttpClient/4.5.13 (Java/11.0.12)",
        "GuzzleHttp/7",
        "WordPress/6.4; https://shop.example",
        "Ruby",
        "Faraday v2.7.4",
        "PostmanRuntime/7.36.0",
        "Dart/3.1 (dart:io)",
    ];

    #[test]
    fn browsers_are_none_and_crawlers_and_libraries_are() {
        // Twice: an answer that is kept is that of the list.
        for _ in 0..2 {
            for agent in BROWSERS {
                assert!(!is_crawler(agent), "{agent}");
            }
            for agent in OTHERS {
                assert!(is_crawler(agent), "{agent}");
            }
        }
        let long = format!("{} {}", BROWSERS[0], "x".repeat(LONGEST_KEPT));
        assert!(!is_crawler(&long) && is_crawler(&format!("{long} Googlebot/2.1")));
    }

    #[test]
    fn answers_of_one_place_do_not_mix() {
        for number in 0..1_000 {
            assert!(!is_crawler(&format!(
                "Mozilla/5.0 Chrome/{number}.0 Safari/537.36"
            )));
            assert!(is_crawler(&format!("curl/{number}.0")));
        }
    }
}
