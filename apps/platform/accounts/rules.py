"""Pure decisions about log-ins."""


def describe_device(agent: str) -> str:
    """`Chrome, Android`: words that let people recognise their device in the list of sessions."""
    browsers = ("Edg", "OPR", "Firefox", "CriOS", "Chrome", "Safari", "okhttp", "Dart", "python")
    systems = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")
    names = {"Edg": "Edge", "OPR": "Opera", "CriOS": "Chrome", "Mac OS": "macOS", "okhttp": "App", "Dart": "App"}
    found = [next((word for word in words if word in agent), "") for words in (browsers, systems)]
    return ", ".join(names.get(word, word) for word in found if word)
