//! Whether a user agent is a crawler's or a program's and not a browser's.

use std::cell::RefCell;
use std::sync::LazyLock;

use isbot::Bots;

/// Entries of the list that browsers of people meet too: phones and tablets of the makers
/// Cubot and M-bot, the browsers Coc Coc, Seznam, Sogou and Sputnik, the readers and apps
/// that show a page themselves, and what a virus scanner, a download manager or a vacuum
/// cleaner adds.
const TOO_BROAD: &[&str] = &[
    r"bot($|[/\);-]+)",
    "[ ]+bot",
    r"^[a-z.0-9/ \-_]*bot",
    "coccoc",
    "feedly",
    "hatena",
    "hubspot",
    "kaspersky",
    "m_bot_tab",
    "mastodon",
    "netvibes",
    "newsblur",
    "nextcloud",
    "qqdownload",
    "robot",
    "seznam",
    "sogou",
    "sputnik",
    "trove",
    "yak/",
    "yandexmarket",
    "yandexnews",
    "yeti",
];

/// What stands for those, and what the list has not: newer crawlers, and the libraries
/// by which servers send events. Of many, the address of a page about them is enough,
/// which the list has.
const ADDITIONAL_CRAWLERS: &[&str] = &[
    r"(?:^|[^u_]|[^c]u|[^m]_)bots?(?:$|[/\);,_-]+)",
    "[^m ][ ]+bot",
    r"^(?:[a-z.0-9/ \-_]*(?:[a-tv-z.0-9/ \-_]|[^c]u))?bot",
    r"^feedly/|^hatena|hatena::|^hubspot|hubspot (?:web|marketing)|^mastodon|^nextcloud",
    r"^coccoc/|^seznam|^sputnik/|[^a]yak/|^yak/|(?:^|[^a-z])yeti/",
    r"sogou[a-z ]*(?:spider|robot)",
    r"[a-z]robot|robots?[/.\-_@)]",
    // Crawlers and what drives browsers.
    "acunetix|anthropic-ai|cohere-ai|collapsify|cookiehub",
    "^chatgpt-|claude-(?:user|searchbot|web)|perplexity-user|manus-user",
    "googleagent-|googleother|^facebookcatalog|meta-external|^whatsapp(?:$|/)",
    "nikto|playwright|puppeteer|selenium|silktide|synthetic[s/]|thousandeyes|^colly/",
    r"cypress/|ghost inspector|gtmetrix|lighthouse|monitor[)/]|sitemonitor|crawl4ai|scraping",
    // What looks whether a server is up.
    r"^kube-probe|^prometheus|^nodeping|^blackbox|health-?check",
    // Libraries and tools.
    r"^analytics-[a-z]|^rudder|^segment|^shopify-",
    r"^node(?:\.js)?(?:$|/)|^node-fetch|^undici|^got(?:$|[/ ])|superagent|^deno/|^bun/",
    r"^python(?:$|[/\- ])|^perl|^ruby(?:$|[/ ])|^faraday|^rest-client|^httparty|^http\.rb|^typhoeus",
    r"^java-http|^ktor|^unirest|dart:io|restsharp|winhttp|powershell/",
    "^reqwest/|^hyper/|^libcurl|^httpie/|^insomnia/|^bruno|^k6/|^aws-sdk|^symfony|^zapier|^n8n",
    "^(?:make|integromat)/|^klaviyo|^omnisend|^bitbucket-webhooks|^github-|^lwp|^cfnetwork",
    "^fasthttp|indy library|^zendesk|^trustly|^uptrends|^updown|^whatweb",
];

static CRAWLERS: LazyLock<Bots> = LazyLock::new(|| {
    let mut crawlers = Bots::default();
    crawlers.remove(TOO_BROAD);
    crawlers.append(ADDITIONAL_CRAWLERS);
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
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [FB_IAB/MESSENGER;FBAV/458.0.0.54.108;]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/MessengerForiOS;FBAV/460.0.0.32.108;FBBV/600]",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Barcelona 340.0.0.22.109 Android (34/14; 480dpi)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 [Pinterest/Android]",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 BingSapphire/28.2.410530304",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1 BingSapphire/1.0.410530304",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 DuckDuckGo/5",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Ddg/17.5",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Flipboard/4.3.20/5350,4.3.20.5350",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Flipboard-Briefing/2.7.28",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Feedly/86.0.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Snapchat/12.89.0.40 (like Safari/8618.2.12.10.9, panda)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 musical_ly_2023405030 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly app_version/34.5.3 ByteLocale/de-DE ByteFullLocale/de-DE Region/DE AppId/1233 Spark/1.5.9.1 AppVersion/34.5.3 BytedanceWebview/d8a21c6",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_34.5.0 JsSdk/2.0 NetType/WIFI Channel/App Store ByteLocale/de Region/DE isDarkMode/1 WKWebView/1 RevealType/Dialog BytedanceWebview/d8a21c6 FalconTag/ABC",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 trill_2023405030 BytedanceWebview/d8a21c6",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Line/14.8.0/IAB",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.8.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 KAKAOTALK 10.8.1 (INAPP)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 MMWEBID/2585 MicroMessenger/8.0.49.2600(0x28003137) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile YaApp_Android/22.113.1 YaSearchBrowser/22.113.1 BroPP/1.0 SA/3 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 YaApp_iOS/2407.0 YaSearchBrowser/2407",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 YaBrowser/24.6.0.0",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 YandexSearch/7.90",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 YandexMarket/4.20",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Mobile baiduboxapp/13.63.0.10 (Baidu; P1 14) NABar/1.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 light/1.0 (WebViewTypeCSR) baiduboxapp/13.63.0.11 (Baidu; P2 17.5)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 bdbrowser/1 T7/13.63",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.9.1; 13PRO)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Whale/1.0.0.0 Crosswalk/29.126.0.23 Mobile Safari/537.36 NAVER(inapp; search; 2000; 12.9.1)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 DaumApps/7.8.1 DaumDevice/mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 YJApp-IOS jp.co.yahoo.ipn.appli/4.150.0",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 YahooMobileSearch/6.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 (Ecosia ios@10.1.0.1890)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 (Ecosia android@126.0.6478.71)",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1 Brave/1.66",
        "Mozilla/5.0 (Linux; U; Android 13; en-US; RMX3511 Build/TP1A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.6.0.1315 Mobile Safari/537.36",
        "UCWEB/2.0 (MIDP-2.0; U; Adr 9; en-US; Redmi 7) U2/1.0.0 UCBrowser/11.4.5.1005 U2/1.0.0 Mobile",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/111.0.0.0 (Edition GX)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 OPX/2.4.5",
        "Mozilla/5.0 (Linux; Android 10; ELE-L29; HMSCore 6.13.0.302; GMSCore 24.26.32) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
        "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile",
        "Mozilla/5.0 (Linux; U; Android 13; de-de; 2201117TY Build/TKQ1) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.10.1-gn",
        "Mozilla/5.0 (X11; U; Linux x86_64; de-DE) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.5845.188 Safari/537.36 Puffin/10.1.1.51574AP",
        "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.2.3 like Chrome/126.0.6478.71 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.39.90 Chrome/126.0.6478.61 Electron/31.0.2 Safari/537.36 MacAppStore/17.5.0",
        "CUBOT_NOTE/V1 Linux/3.10 Android/5.1 Release/2016 Browser/AppleWebKit537.36 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20 PRO) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; CUBOT/1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; M bot tab 103) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; M_bot_tab_103) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [Shop/2.123.0]",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Shopify Mobile/iOS/9.60 (iPhone14,5)",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 LinkedInApp/4.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Twitter for iPhone/10.46",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Telegram-Android/10.14",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Kayak/200.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 SputnikBrowser/4.1.2801.0",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Seznam.cz/7.1",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B Build/UP1A.231005.007) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 SznProhlizec/8.2.1a",
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; QQDownload 734; .NET4.0C)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 CocCocBrowser/125",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Hatena-Bookmark/1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 SmartNews",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.00) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
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
        "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
        "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
        "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
        "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "SeznamBot/4.0",
        "SputnikBot/2.3",
        "coccocbot-web/1.0 (+http://help.coccoc.com/searchengine)",
        "coccoc/1.0 ()",
        "HubSpot Crawler",
        "ContextAd Bot 1.0",
        "Hatena::Useragent/0.1",
        "Yak/1.0",
        "kube-probe/1.27",
        "Symfony HttpClient (Curl)",
        "RestSharp/106.11.7.0",
        "Klaviyo/1.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36 GTmetrix",
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
