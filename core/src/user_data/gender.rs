//! `ge`: a gender.

use std::sync::LazyLock;

use super::Hints;
use super::characters::trim;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::vocabulary::{Vocabulary, key};
use super::{Identifier, ValueError};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Gender,
    about: "A gender: Meta takes f for female and m for male only.",
    source: PAGE,
    steps: &[
        Step::own(
            "ge.word",
            "Find the word, whatever its case and punctuation.",
        ),
        Step::documented(
            "ge.initial",
            "Write f for a word for female, m for one for male; refuse any other.",
        )
        .refuses(),
    ],
    pixel_steps: &[],
    opaque: false,
    page,
    pixel: None,
    agreed: NEVER,
};

/// The English words that Meta's parameter builder knows, then the words for
/// female and male of other languages. An initial is here only if no
/// language that uses it gives it the other meaning (Spanish `m` for *mujer*
/// is read as male: everybody else means that).
const WORDS: [(&str, &[&str]); 2] = [
    (
        "f",
        &[
            "f",
            "female",
            "woman",
            "girl",
            "lady",
            "miss",
            "ms",
            "mrs",
            "madam",
            "ma'am",
            "daughter",
            "mother",
            "mom",
            "mama",
            "mommy",
            "aunt",
            "niece",
            "sister",
            "wife",
            "girlfriend",
            "bride",
            "widow",
            "queen",
            "princess",
            "duchess",
            "countess",
            "empress",
            "goddess",
            "maiden",
            "lass",
            "gal",
            "chick",
            "dame",
            "belle",
            "she",
            "her",
            "hers",
            "herself",
            // German, Dutch, Scandinavian
            "w",
            "weiblich",
            "frau",
            "vrouw",
            "vrouwelijk",
            "kvinna",
            "kvinde",
            "kvinne",
            // French, Spanish, Portuguese, Italian, Romanian
            "femme",
            "féminin",
            "mujer",
            "femenino",
            "femenina",
            "mulher",
            "feminino",
            "feminina",
            "donna",
            "femmina",
            "femminile",
            "femeie",
            "feminin",
            // Polish, Czech, Russian, Ukrainian
            "kobieta",
            "żeńska",
            "žena",
            "женский",
            "женщина",
            "жен",
            "ж",
            "жінка",
            "жіноча",
            // Turkish, Greek, Hebrew, Arabic
            "kadın",
            "γυναίκα",
            "θήλυ",
            "נקבה",
            "אישה",
            "أنثى",
            "امرأة",
            // Chinese, Japanese, Korean
            "女",
            "女性",
            "여",
            "여성",
            "여자",
            // Finnish, Estonian, Hungarian, Latvian, Lithuanian
            "nainen",
            "naine",
            "nő",
            "sieviete",
            "moteris",
            // South Slavic, Slovak, Catalan, Icelandic
            "žensko",
            "ženska",
            "женско",
            "жена",
            "dona",
            "kona",
            // Forms of address
            "madame",
            "mme",
            "mademoiselle",
            "mlle",
            "melle",
            "mdm",
            "missus",
            "fräulein",
            "frl",
            "frau dr",
            "frau prof",
            "frau prof dr",
            "mevrouw",
            "mevr",
            "mw",
            "mejuffrouw",
            "mej",
            "fru",
            "frøken",
            "fröken",
            "señora",
            "sra",
            "srª",
            "sr.a",
            "señorita",
            "srta",
            "doña",
            "dña",
            "senhora",
            "senhorita",
            "signora",
            "sig.ra",
            "signorina",
            "sig.na",
            "dott.ssa",
            "doamna",
            "d-na",
            "domnișoara",
            "senyora",
            "pani",
            "paní",
            "slečna",
            "rouva",
            "neiti",
            "proua",
            "bayan",
            "hanım",
            "gospođa",
            "gospa",
            "госпожа",
            "г-жа",
            "пані",
            "κυρία",
            "גברת",
            "السيدة",
            "श्रीमती",
            "ibu",
            "puan",
            "女士",
            "小姐",
            "太太",
            // Indonesian, Malay, Vietnamese, Thai, Hindi, Persian
            "perempuan",
            "wanita",
            "nữ",
            "หญิง",
            "महिला",
            "زن",
        ],
    ),
    (
        "m",
        &[
            "m",
            "male",
            "man",
            "boy",
            "gentleman",
            "guy",
            "sir",
            "mister",
            "mr",
            "son",
            "father",
            "dad",
            "daddy",
            "papa",
            "uncle",
            "nephew",
            "brother",
            "husband",
            "boyfriend",
            "groom",
            "widower",
            "king",
            "prince",
            "duke",
            "count",
            "emperor",
            "god",
            "lord",
            "lad",
            "fellow",
            "chap",
            "bloke",
            "dude",
            "he",
            "him",
            "his",
            "himself",
            // German, Dutch, Scandinavian
            "männlich",
            "mann",
            "herr",
            "mannelijk",
            "mand",
            // French, Spanish, Portuguese, Italian, Romanian
            "homme",
            "masculin",
            "hombre",
            "masculino",
            "homem",
            "uomo",
            "maschio",
            "maschile",
            "bărbat",
            // Polish, Czech, Russian, Ukrainian
            "mężczyzna",
            "męska",
            "muž",
            "мужской",
            "мужчина",
            "муж",
            "м",
            "чоловік",
            "чоловіча",
            // Turkish, Greek, Hebrew, Arabic
            "erkek",
            "άνδρας",
            "άρρεν",
            "זכר",
            "גבר",
            "ذكر",
            "رجل",
            // Chinese, Japanese, Korean
            "男",
            "男性",
            "남",
            "남성",
            "남자",
            // Finnish, Estonian, Hungarian, Latvian, Lithuanian
            "mies",
            "mees",
            "férfi",
            "vīrietis",
            "vyras",
            // South Slavic, Slovak, Icelandic
            "muško",
            "muškarac",
            "moški",
            "мушко",
            "мъж",
            "karl",
            // Forms of address
            "monsieur",
            "hr",
            "herrn",
            "herr dr",
            "herr prof",
            "herr prof dr",
            "dhr",
            "de heer",
            "meneer",
            "señor",
            "sr",
            "don",
            "senhor",
            "signor",
            "signore",
            "sig",
            "domnul",
            "domn",
            "d-nul",
            "senyor",
            "pan",
            "pán",
            "herra",
            "härra",
            "bay",
            "gospodin",
            "gospod",
            "господин",
            "г-н",
            "κύριος",
            "السيد",
            "श्री",
            "bapak",
            "encik",
            "先生",
            // Indonesian, Malay, Vietnamese, Thai, Hindi, Persian
            "laki-laki",
            "lelaki",
            "pria",
            "nam",
            "ชาย",
            "पुरुष",
            "مرد",
        ],
    ),
];

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::new(
        WORDS
            .into_iter()
            .flat_map(|(initial, words)| words.iter().map(move |word| (*word, initial))),
    )
});

fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    // Both of two: `Sr(a).` and `Sr/a` have the letters of one.
    if text.contains('/') || trim(text).find('(').is_some_and(|place| place > 0) {
        return Err(ValueError::NotAGender);
    }
    key(text, out);
    let initial = match &out[start..] {
        "f" | "female" => Some("f"),
        "m" | "male" => Some("m"),
        word => VOCABULARY.get(word),
    };
    out.truncate(start);
    out.push_str(initial.ok_or(ValueError::NotAGender)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str) -> Result<String, ValueError> {
        let mut out = String::new();
        page(text, Hints::default(), &mut out).map(|()| out)
    }

    #[test]
    fn words_for_female_and_male_give_their_initial() {
        for (text, expected) in [
            ("F", "f"),
            ("Female", "f"),
            (" Boy ", "m"),
            ("ma\u{2019}am", "f"),
            ("Mr.", "m"),
            ("(m)", "m"),
            ("ｆ", "f"),
            ("Weiblich", "f"),
            ("MÄNNLICH", "m"),
            ("kadin", "f"),
            ("Мужской", "m"),
            ("여성", "f"),
            ("أنثى", "f"),
            ("Mme", "f"),
            ("Mme.", "f"),
            ("Mlle", "f"),
            ("MADAME", "f"),
            ("Mr", "m"),
            ("M.", "m"),
            ("Monsieur", "m"),
            ("Herr", "m"),
            ("Frau", "f"),
            ("Frau Dr.", "f"),
            ("Sr.", "m"),
            ("Sra.", "f"),
            ("Srta", "f"),
            ("Señorita", "f"),
            ("Sig.ra", "f"),
            ("Sig.", "m"),
            ("Sr.ª", "f"),
            ("Mevr.", "f"),
            ("Dhr.", "m"),
            ("Doña", "f"),
            ("Hr.", "m"),
            ("Pani", "f"),
            ("Г-жа", "f"),
        ] {
            assert_eq!(page_of(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "x",
            "d",
            "u",
            "0",
            "1",
            "he/him",
            "female2",
            "trans female",
            "",
            "-",
            "mf",
            // A father and a woman, a doctor, both of two.
            "Fr.",
            "Dr.",
            "Mx",
            "Mr & Mrs",
            "Herr/Frau",
            "Sr(a).",
            "Sr/a",
        ] {
            assert_eq!(page_of(text), Err(ValueError::NotAGender), "{text}");
        }
    }

    #[test]
    fn no_word_means_both() {
        for (initial, words) in WORDS {
            for word in words {
                assert_eq!(page_of(word).as_deref(), Ok(initial), "{word}");
            }
        }
    }
}
